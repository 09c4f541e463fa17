import { isSensitiveName } from "../../shared/model/sensitiveName.ts";

/** Stands in a command where something that may be a secret was left out. */
export const leftOutMark = "<left-out>";

/** Options whose value is a user and a password with a colon between them. */
const userOptions = ["u", "user", "U", "proxy-user"];

/** `--password-file`, `--secret-id`: such a name says where a secret is. */
const whereabouts =
  /(?:^|[-_])(?:id|name|file|path|dir|arn|ur[il]|env|var|type|command|cmd|field|stdin|ttl|version|audience|scopes?)$/i;

/** The name of a file, or a variable of a shell. */
const noSecret = /^["']?(?:\$|<left-out>|(?:[~.]{0,2}|[A-Za-z]:)[\\/\w.-]*\.(?:json|pem|key|crt|txt|ya?ml|conf|env)$)/;

/** Tokens that are known by their form: JWT, GitHub, GitLab, Grafana, Vault, Slack, AWS. */
const knownTokens =
  /(?<![\w-])(?:eyJ[\w-]+\.[\w-]+\.[\w-]*|gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|glsa_\w{16,}|hv[sb]\.[\w-]{16,}|xox[a-z]-[\w-]{10,}|AKIA[A-Z0-9]{16})/g;

/**
 * A command without what looks like a secret by its name or its form, and the places of the words that were changed. The
 * program itself stays. A guess, and a careful one: a word too many is named, and written again.
 */
export function withoutSecretWords(command: readonly string[]): {
  readonly command: readonly string[];
  readonly changed: readonly number[];
} {
  const cleaned = command.map((word, i) => (i === 0 ? word : withoutSecret(word, optionName(command[i - 1] ?? ""))));
  return { command: cleaned, changed: cleaned.flatMap((word, i) => (word === command[i] ? [] : [i])) };
}

/** A longer word is not looked through: it is no argument that somebody has typed. */
const longestWord = 8192;

/** `option`: the name of the option right before this word. */
function withoutSecret(word: string, option: string | undefined): string {
  if (word.length > longestWord) return leftOutMark;
  if (option !== undefined && !word.startsWith("-")) {
    if (isSecret(option, word)) return leftOutMark;
    const user = userOptions.includes(option) ? /^([^:\s]+:)(.+)$/s.exec(word) : null;
    if (user !== null) return noSecret.test(user[2] ?? "") ? word : `${user[1]}${leftOutMark}`;
  }
  const glued = /^-[uU](?!\w+:\/\/)[^:=\s]+:(.+)$/s.exec(word);
  if (glued !== null && !noSecret.test(glued[1] ?? "")) return `${word.slice(0, 2)}${leftOutMark}`;
  const [, begin = "", name = "", value = ""] = /^((-{0,2}[A-Za-z][\w.-]*)(?:=|:\s*))(.+)$/s.exec(word) ?? [];
  if (begin !== "" && !value.startsWith("//")) {
    const bare = name.replace(/^-+/, "");
    if (isSecret(bare, value)) return begin + leftOutMark;
    if (begin.endsWith("=") && !value.includes("&")) return begin + withoutSecret(value, bare);
  }
  return isScriptWithSecret(word) ? leftOutMark : withoutSecretInAddress(word).replace(knownTokens, leftOutMark);
}

function optionName(word: string): string | undefined {
  return /^--?([A-Za-z][\w.-]*)$/.exec(word)?.[1];
}

/** True for a value that its name says to be a secret. A scheme before a variable is none. */
function isSecret(name: string, value: string): boolean {
  const own = name.slice(name.lastIndexOf(".") + 1);
  const text = value.replace(/^["']?(?:bearer|basic|token)\s+(?=\$)/i, "");
  return isSensitiveName(own) && !whereabouts.test(own) && !noSecret.test(text);
}

/** Addresses and forms: who signs in, and the values of parameters. */
function withoutSecretInAddress(word: string): string {
  return word
    .replace(/\b([a-z][a-z0-9+.-]{0,30}:\/\/)([^\s/?#@]+)@/gi, (whole, scheme: string, user: string) =>
      noSecret.test(user) || (!user.includes(":") && !/^https?:/i.test(scheme)) ? whole : `${scheme}${leftOutMark}@`,
    )
    .replace(/([?&;])([^=&#\s?]+)=([^&#\s]+)/g, (whole, sign: string, name: string, value: string) =>
      isSecret(name, value) ? `${sign}${name}=${leftOutMark}` : whole,
    );
}

/** True for several words in one, or JSON, with a secret among them. What else stands there goes with it. */
function isScriptWithSecret(word: string): boolean {
  if (!/[\s{]/.test(word)) return false;
  const named =
    /(?:^|[\s"'{,])-{0,2}([A-Za-z][\w.-]*)["']?(?:\s*[:=]\s*|\s+)(?!-)(["']?(?:(?:bearer|basic|token)\s+)?\S{1,300})/gi;
  // Found anew behind each name: the value of one may be the name before the next.
  for (let found = named.exec(word); found !== null; found = named.exec(word)) {
    const [whole, name = "", value = ""] = found;
    named.lastIndex = found.index + whole.length - value.length;
    const isOption = /^[\s"']*-/.test(whole) || /[:=]/.test(whole.slice(0, -value.length));
    if (isOption && !value.startsWith("//") && isSecret(name, value)) return true;
  }
  return [...word.matchAll(/\s(?:-u|-U|--user|--proxy-user)[\s=]*["']?[^\s"':$]+:([^\s"']+)/g)].some(
    ([, password = ""]) => !noSecret.test(password),
  );
}
