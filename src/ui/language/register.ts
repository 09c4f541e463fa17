import { type Disposable, DisposableStore } from "../../shared/disposable.ts";
import { registerFormatting } from "./registerFormatting.ts";

/** Help with PromQL as it is written. The code behind each part is loaded when it is first asked for. */
export function registerLanguage(): Disposable {
  const store = new DisposableStore();
  store.register(registerFormatting());
  return store;
}
