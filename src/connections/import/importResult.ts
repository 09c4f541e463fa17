import type { SecretPurpose } from "../secrets.ts";

/** A secret on its way to the secret storage. Nothing else may hold `value`. */
export interface ImportedSecret {
  readonly purpose: SecretPurpose;
  readonly value: string;
}

/** A connection as it was read: what would stand in the settings, and what would go to the secret storage. */
export interface ImportedConnection {
  readonly name: string;
  /** An id that the file names; `undefined`: one is made of the name. */
  readonly wantedId: string | undefined;
  /** An element of the setting, without `id`, `name` and secrets. */
  readonly element: Readonly<Record<string, unknown>>;
  readonly secrets: readonly ImportedSecret[];
  /** Set where the person has to give the URL: what stands in the input before they type. */
  readonly askUrl: string | undefined;
  /** True where the person has to give the user name. */
  readonly askUsername: boolean;
}

/**
 * Why something in a file was not taken over.
 * `grafanaOnly` and `noCounterpart`: it says nothing to us. `reference`: it comes from a variable or file, and this field cannot
 * refer to one; `mixed`: it is put together with such. `secretManager`: from a store that we do not read. `inlinePem`: a certificate in the text, where we take a
 * file. `halfPair`: a certificate without its key, or a key without its certificate, which alone is of no use. `switchedOff`: the file says itself that it is not used. `secondCredential`: another one is sent in its place.
 * `secretInSettings`: it may be a secret, for which settings are no place.
 */
export type NotTakenCode =
  | "grafanaOnly"
  | "noCounterpart"
  | "unknownKey"
  | "missing"
  | "wrongType"
  | "wrongValue"
  | "otherType"
  | "sigV4"
  | "azure"
  | "userIdentity"
  | "browserCredentials"
  | "inlinePem"
  | "halfPair"
  | "reference"
  | "mixed"
  | "secretManager"
  | "relativePath"
  | "header"
  | "headerWithoutName"
  | "severalValues"
  | "secondCredential"
  | "switchedOff"
  | "secretCharacters"
  | "secretInSettings"
  | "notExpanded"
  | "authType"
  | "tooMany";

/** Something that was not taken over. No part of it is a value of the file. */
export interface NotTaken {
  /** The path of its keys, or the variable's name. */
  readonly place: string;
  readonly code: NotTakenCode;
  /** What was expected, or where it belongs instead. */
  readonly detail?: string;
}

/** Everything that was found in one text. */
export interface ImportResult {
  readonly connections: readonly ImportedConnection[];
  readonly notTaken: readonly NotTaken[];
}

/** Why a text was not read at all; `line` counts from 1. */
export type ImportProblem =
  | {
      readonly code:
        | "unreadable"
        | "empty"
        | "tooLarge"
        | "notText"
        | "unknownFormat"
        | "noConnections"
        | "noVariables";
    }
  | { readonly code: "yamlSyntax" | "yamlTag" | "yamlAlias" | "yamlKey"; readonly line: number }
  | { readonly code: "yamlTooComplex" }
  | { readonly code: "grafanaVersion" }
  | { readonly code: "jsonSyntax" | "jsonForm" }
  | { readonly code: "newerExport"; readonly version: number };

/** What was read, or why nothing was. */
export type ReadOutcome =
  | { readonly ok: true; readonly result: ImportResult }
  | { readonly ok: false; readonly problem: ImportProblem };
