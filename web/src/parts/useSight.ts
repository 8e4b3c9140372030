/** A hook for lists of thousands of lines: which of them are in sight as the window scrolls. */
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import { type Place, type Sight, scrollTo, sightOf } from "./window";

export interface Watched extends Sight {
  /** Pixels of the lines above and below, which are not drawn. */
  before: number;
  after: number;
  /** Scroll until a line is in sight. */
  reveal: (index: number) => void;
}

/** `list` holds the lines and nothing else; each is as high as `--row` says, in rem. `covered`: what hides its top. */
export function useSight(list: RefObject<HTMLElement | null>, count: number, covered: () => number): Watched {
  const [sight, setSight] = useState<Sight & { height: number }>(() => ({
    ...sightOf(placeOf(null, count)),
    height: rowHeight(),
  }));
  const look = (): void => {
    const place = placeOf(list.current, count);
    const { start, end } = sightOf(place);
    setSight((was) =>
      was.start === start && was.end === end && was.height === place.height
        ? was
        : { start, end, height: place.height },
    );
  };
  useLayoutEffect(look, [count]);
  useEffect(() => {
    // What stands above the list may grow or shrink: then the whole page does.
    const size = new ResizeObserver(look);
    size.observe(document.body);
    addEventListener("scroll", look, { passive: true });
    return () => {
      size.disconnect();
      removeEventListener("scroll", look);
    };
  }, [count]);
  const end = Math.min(sight.end, count);
  const start = Math.min(sight.start, end);
  return {
    start,
    end,
    before: start * sight.height,
    after: (count - end) * sight.height,
    reveal: (index) => {
      const way = scrollTo(index, placeOf(list.current, count), covered());
      if (way !== 0) window.scrollBy({ top: way, behavior: "instant" });
      look();
    },
  };
}

function placeOf(list: HTMLElement | null, count: number): Place {
  const above = list === null ? 0 : -list.getBoundingClientRect().top;
  return { count, height: rowHeight(), above, screen: innerHeight };
}

/** In pixels: the style sheet says it in rem, so that it grows with the user's font. */
function rowHeight(): number {
  const style = getComputedStyle(document.documentElement);
  const rem = Number.parseFloat(style.getPropertyValue("--row"));
  return (Number.isNaN(rem) ? 2.5 : rem) * (Number.parseFloat(style.fontSize) || 14);
}
