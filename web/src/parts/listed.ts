/** Names in a sentence, however many there are. */
import { counted } from "../live/coverage";

/** "a, b, c", or "a, b, c, d and 15 others". */
export function listed(names: readonly string[], most = 4): string {
  const rest = names.length - most;
  return rest > 1 ? `${names.slice(0, most).join(", ")} and ${counted(rest, "other")}` : names.join(", ");
}
