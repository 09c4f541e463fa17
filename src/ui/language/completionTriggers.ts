/** Signs behind which completion is looked for unasked; what comes of it, `completionProvider.ts` says. No blank is among them. */
export const completionTriggers = ["{", '"', "'", "`", ",", "(", "[", ":", "$", "@", "=", "~", "!", "|"] as const;
