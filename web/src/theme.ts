/** Light or dark: as the system says, unless the user chose. */
import { signal } from "@preact/signals";

export type Theme = "system" | "light" | "dark";
const KEY = "meshglobal-theme";
const ORDER: readonly Theme[] = ["system", "light", "dark"];

export const theme = signal<Theme>("system");

/** Take the choice of the last time. */
export function loadTheme(): void {
  const kept = localStorage.getItem(KEY);
  apply(ORDER.find((one) => one === kept) ?? "system");
}

/** Choose, for this time and the next ones. */
export function chooseTheme(chosen: Theme): void {
  localStorage.setItem(KEY, chosen);
  apply(chosen);
}

function apply(chosen: Theme): void {
  theme.value = chosen;
  if (chosen === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = chosen;
}
