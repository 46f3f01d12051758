/** The identifier of the error if the text of a module did not arrive as it was sent. */
export const DAMAGED = "BackgroundCopyModuleDamaged";
