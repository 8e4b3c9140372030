/** Changing something from the page: a button where there is something to change, and the dialog that it opens. */
export { Actions } from "./Actions";
export { ChangeDialog } from "./ChangeDialog";
