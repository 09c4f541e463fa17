/** What the runner tells the suites inside VS Code, as JSON in the environment. */
export interface HostTestEnvironment {
  readonly suiteFolder: string;
  /** Everything that VS Code writes is below it: user data, logs, extensions, the workspace. */
  readonly profile: string;
  /** Tells the secrets that this run plants from others. */
  readonly plantedRun: string;
  /** The suites print here, since the console of an extension host is far from the terminal. */
  readonly reportFile: string;
  readonly prometheus: string;
  readonly victoriaMetrics: string;
  /** Where `prometheus` sends what fires. */
  readonly alertmanager: string;
  /** Address of the node-exporter that both scrape, as it stands in `instance`. */
  readonly exporter: string;
  /** The stub of `support/manyNames.ts`, which runs outside VS Code so as not to slow it down. */
  readonly manyNames: string;
  readonly gateway: {
    readonly url: string;
    readonly username: string;
    readonly password: string;
    readonly token: string;
  };
}

/** Holds a planted secret when the extension host starts: later is too late for `$env:`. */
export const plantedVariable = "PROMQL_WORKBENCH_PLANTED";

const variable = "PROMQL_WORKBENCH_HOST_TESTS";

export function readEnvironment(): HostTestEnvironment {
  const text = process.env[variable];
  if (text === undefined) throw new Error(`${variable} is not set; run "npm run test:host"`);
  return JSON.parse(text) as HostTestEnvironment;
}

export function writeEnvironment(environment: HostTestEnvironment): Record<string, string> {
  return { [variable]: JSON.stringify(environment) };
}
