/** What is said to readers of screens, politely: one short sentence, when there is a pause. */
import { signal } from "@preact/signals";

export const announced = signal("");

export function announce(text: string): void {
  announced.value = text;
}
