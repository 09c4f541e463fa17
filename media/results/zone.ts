import { createContext } from "preact";
import { type TimeZone, timeZoneOf } from "../../src/shared/model/zonedTime.ts";

/** The zone that all times of the page are shown in. */
export const Zone = createContext<TimeZone>(timeZoneOf("local"));
