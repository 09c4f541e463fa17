import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import type { FileReader } from "../platform/ports.ts";
import { AppError, type PemProblem, type PemRole } from "../shared/errors.ts";
import type { RequestOptions, TlsMaterial } from "../shared/model/source.ts";
import type { TlsOptions } from "./profile.ts";

/** Bundles of a machine's authorities have a quarter of this. */
const maxFileBytes = 1024 * 1024;

export interface TlsMaterialDeps {
  readonly files: FileReader;
  /** Asked only if the key is encrypted; `undefined`: none is known. */
  readonly keyPassphrase: (options: RequestOptions) => Promise<string | undefined>;
}

/**
 * Reads what a profile's `tls` names, anew each time: certificates are replaced while a program runs. As in Prometheus, a
 * CA file stands in place of the built-in authorities, not beside them. Throws `pemFile` with what is wrong with which
 * file: the TLS library would only say that some key is bad.
 */
export async function readTlsMaterial(
  tls: TlsOptions,
  deps: TlsMaterialDeps,
  options: RequestOptions,
): Promise<TlsMaterial> {
  const read = async (role: PemRole): Promise<PemFile | undefined> =>
    tls[role] === "" ? undefined : readPem(role, tls[role], deps.files, options);
  const [ca, cert, key] = await Promise.all([read("caFile"), read("certFile"), read("keyFile")]);
  if (ca !== undefined) for (const block of certificatesIn(ca)) parseCertificate(block, ca);
  const certificate = cert === undefined ? undefined : parseCertificate(certificatesIn(cert)[0], cert);
  let passphrase: string | undefined;
  if (key !== undefined) {
    const isEncrypted = encryptedKey.test(key.text);
    passphrase = isEncrypted ? await deps.keyPassphrase(options) : undefined;
    if (isEncrypted && (passphrase === undefined || passphrase === "")) throw key.failed("passphraseMissing");
    const privateKey = parseKey(key, passphrase);
    if (certificate !== undefined && !certificate.checkPrivateKey(privateKey)) throw key.failed("keyMismatch");
  }
  return {
    ca: ca?.text,
    cert: cert?.text,
    key: key?.text,
    passphrase,
    serverName: tls.serverName === "" ? undefined : tls.serverName,
    rejectUnauthorized: !tls.insecureSkipVerify,
  };
}

interface PemFile {
  readonly text: string;
  failed(problem: PemProblem, cause?: unknown): AppError;
}

/** In the header of PKCS #8, or in a line below that of the older forms. */
const encryptedKey = /-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type:.*\bENCRYPTED\b/m;

async function readPem(role: PemRole, file: string, files: FileReader, { signal }: RequestOptions): Promise<PemFile> {
  const failed = (problem: PemProblem, cause?: unknown) =>
    new AppError({ kind: "pemFile", role, problem, file, detail: systemCode(cause) }, { cause });
  let bytes: Uint8Array;
  try {
    bytes = await files.read(file, { maxBytes: maxFileBytes, signal });
  } catch (error) {
    signal.throwIfAborted();
    const code = systemCode(error);
    throw failed(code === "ENOENT" ? "notFound" : code === "EFBIG" ? "tooLarge" : "unreadable", error);
  }
  return { text: new TextDecoder().decode(bytes), failed };
}

/** At least one, or the file is not what it should be. */
function certificatesIn({ text, failed }: PemFile): readonly string[] {
  const blocks = text.match(/-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[\s\S]*?-----END [^-]*-----/g);
  if (blocks === null) throw failed("notPem");
  return blocks;
}

function parseCertificate(block: string | undefined, { failed }: PemFile): X509Certificate {
  try {
    return new X509Certificate(block ?? "");
  } catch (error) {
    throw failed("notPem", error);
  }
}

function parseKey({ text, failed }: PemFile, passphrase: string | undefined): KeyObject {
  if (!/-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----/.test(text)) throw failed("notPem");
  try {
    return createPrivateKey({ key: text, format: "pem", ...(passphrase === undefined ? {} : { passphrase }) });
  } catch (error) {
    throw failed(passphrase === undefined ? "notPem" : "passphraseWrong", error);
  }
}

/** `ENOENT` and the like; never a message, which may quote what it could not read. */
function systemCode(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}
