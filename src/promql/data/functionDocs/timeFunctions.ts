import type { FunctionDocumentation } from "../documentation.ts";

const calendar =
  "Without an argument it takes the evaluation time. For another time zone add its seconds: `hour(vector(time() + 7200))`.";

/** Functions of times and dates, and of the times of the query itself. */
export const timeFunctions: Readonly<Record<string, FunctionDocumentation>> = {
  time: {
    summary: "The evaluation time in unix seconds.",
    detail: "In a range query it is the time of each step, not of the server's clock.",
    example: "time() - process_start_time_seconds",
  },
  timestamp: {
    summary: "The time of each sample in unix seconds.",
    detail: "Of anything but a plain selector it is the evaluation time: results have no time of their own.",
    example: "time() - timestamp(up)",
    since: "2.0",
  },
  start_timestamp: {
    summary: "The time since when each sample counts, in unix seconds.",
    detail: "It also needs `--enable-feature=use-start-timestamps`, and targets that tell when their counters began.",
    example: "time() - start_timestamp(http_requests_total)",
    since: "3.14",
  },
  minute: {
    summary: "The minute of the hour in UTC (0 to 59) of each value, read as unix seconds.",
    detail: "Without an argument it takes the evaluation time.",
    example: "minute() < 5",
    since: "1.2",
  },
  hour: {
    summary: "The hour of the day in UTC (0 to 23) of each value, read as unix seconds.",
    detail: calendar,
    example: "hour() >= 8 < 18",
    since: "1.1",
  },
  day_of_week: {
    summary: "The day of the week in UTC (0 to 6, 0 is Sunday) of each value, read as unix seconds.",
    detail: calendar,
    example: "day_of_week() > 0 < 6",
    since: "1.1",
  },
  day_of_month: {
    summary: "The day of the month in UTC (1 to 31) of each value, read as unix seconds.",
    detail: calendar,
    example: "day_of_month() == 1",
    since: "1.1",
  },
  day_of_year: {
    summary: "The day of the year in UTC (1 to 366) of each value, read as unix seconds.",
    detail: calendar,
    example: "day_of_year()",
  },
  days_in_month: {
    summary: "The number of days (28 to 31) of the month in UTC of each value, read as unix seconds.",
    detail: calendar,
    example: "days_in_month() - day_of_month()",
    since: "1.1",
  },
  month: {
    summary: "The month in UTC (1 to 12) of each value, read as unix seconds.",
    detail: calendar,
    example: "month() == 12",
    since: "1.1",
  },
  year: {
    summary: "The year in UTC of each value, read as unix seconds.",
    detail: calendar,
    example: "year(process_start_time_seconds)",
    since: "1.1",
  },
  start: {
    summary: "The time where the query's range begins, in unix seconds.",
    detail: "In an instant query it is the evaluation time.",
    example: "time() - start()",
    since: "3.12",
  },
  end: {
    summary: "The time where the query's range ends, in unix seconds.",
    detail: "In an instant query it is the evaluation time.",
    example: "end() - time()",
    since: "3.12",
  },
  range: {
    summary: "The length of the query's range in seconds.",
    detail: "In an instant query it is 0. Within brackets, as in `x[range()]`, it is a duration.",
    example: "vector(range())",
    since: "3.12",
  },
  step: {
    summary: "The step of a range query in seconds.",
    detail: "In an instant query it is 0. Within brackets, as in `x[step()]`, it is a duration.",
    example: "vector(step())",
    since: "3.12",
  },
};
