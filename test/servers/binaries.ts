import { execFileSync, spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The ignored folder for what tests fetch once: VS Code, servers. */
export const cacheFolder = fileURLToPath(new URL("../../.vscode-test", import.meta.url));

/** Server programs by name, with the Debian package that carries each and its place inside. */
const packages = {
  prometheus: { package: "prometheus", path: "usr/bin/prometheus" },
  promtool: { package: "prometheus", path: "usr/bin/promtool" },
  "prometheus-node-exporter": { package: "prometheus-node-exporter", path: "usr/bin/prometheus-node-exporter" },
  "prometheus-alertmanager": { package: "prometheus-alertmanager", path: "usr/bin/prometheus-alertmanager" },
  "victoria-metrics": { package: "victoria-metrics", path: "usr/bin/victoria-metrics" },
  vmagent: { package: "victoria-metrics", path: "usr/bin/vmagent" },
  vmalert: { package: "victoria-metrics", path: "usr/bin/vmalert" },
  vmauth: { package: "victoria-metrics", path: "usr/bin/vmauth" },
  nginx: { package: "nginx", path: "usr/sbin/nginx" },
} as const;

export type ServerProgram = keyof typeof packages;

function onPath(name: string): string | undefined {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin"];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Path of a server program: from PATH, else unpacked (not installed) from its Debian package into the cache. Throws one
 * line that says what to install where neither works; tests never skip silently.
 */
export function serverBinary(name: ServerProgram): string {
  const found = onPath(name);
  if (found !== undefined) return found;
  const { package: debianPackage, path } = packages[name];
  const unpacked = join(cacheFolder, "servers", debianPackage);
  const binary = join(unpacked, path);
  if (isExecutable(binary)) return binary;
  if (onPath("apt-get") === undefined || onPath("dpkg-deb") === undefined) {
    throw new Error(`${name} is needed: install Prometheus' "${name}" so that it is on PATH.`);
  }
  const download = join(cacheFolder, "servers", `${debianPackage}.download-${process.pid}`);
  mkdirSync(download, { recursive: true });
  try {
    downloadPackage(debianPackage, download);
    const archive = readdirSync(download).find((file) => file.endsWith(".deb"));
    if (archive === undefined) throw new Error(`apt-get downloaded no ${debianPackage} package`);
    execFileSync("dpkg-deb", ["-x", join(download, archive), join(download, "root")]);
    rmSync(unpacked, { recursive: true, force: true });
    renameSync(join(download, "root"), unpacked);
  } finally {
    rmSync(download, { recursive: true, force: true });
  }
  if (!existsSync(binary)) throw new Error(`The Debian package ${debianPackage} has no ${path}`);
  return binary;
}

function downloadPackage(name: string, folder: string): void {
  // As root apt would drop to a user that may not write here, hence the sandbox option.
  const options = ["-o", "APT::Sandbox::User=root"];
  const attempt = () => spawnSync("apt-get", [...options, "download", name], { cwd: folder, encoding: "utf8" });
  let result = attempt();
  if (result.status !== 0 && mayInstall()) {
    spawnSync("apt-get", ["update"], { stdio: "ignore" });
    result = attempt();
  }
  if (result.status !== 0) {
    throw new Error(`${name} is needed and could not be fetched: "apt-get install ${name}" (${result.stderr.trim()})`);
  }
}

function mayInstall(): boolean {
  return process.getuid?.() === 0;
}

/** Makes sure that system packages are there: installed as root, else one line says what to install. */
export function ensureSystemPackages(
  needed: readonly { readonly package: string; readonly isThere: () => boolean }[],
): void {
  const missing = needed.filter(({ isThere }) => !isThere()).map((entry) => entry.package);
  if (missing.length === 0) return;
  const command = `apt-get install -y --no-install-recommends ${missing.join(" ")}`;
  if (!mayInstall() || onPath("apt-get") === undefined) {
    throw new Error(`Needed to run VS Code in a browser here: ${command}`);
  }
  console.log(`Installing ${missing.join(", ")} ...`);
  spawnSync("apt-get", ["update"], { stdio: "ignore" });
  const { status } = spawnSync("sh", ["-c", `DEBIAN_FRONTEND=noninteractive ${command}`], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  if (status !== 0) throw new Error(`Failed: ${command}`);
}

/** Chromium or Chrome on this machine. */
export function findChromium(): string | undefined {
  const named = process.env["CHROME_PATH"];
  if (named !== undefined) return named;
  for (const name of ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]) {
    const found = onPath(name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** First program of this name on PATH. */
export const findProgram = onPath;
