/** Characters of an expression that is read while somebody types: a longer one would hold up all else, and the server speaks of it. */
export const longestRead = 200_000;
