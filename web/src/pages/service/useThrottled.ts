/** A hook that lets a value through at once, and then at most one each so often: the newest. */
import { useEffect, useRef, useState } from "preact/hooks";

export function useThrottled<T>(value: T, milliseconds: number): T {
  const [passed, setPassed] = useState(value);
  const last = useRef(0);
  useEffect(() => {
    const wait = last.current + milliseconds - Date.now();
    const pass = (): void => {
      last.current = Date.now();
      setPassed(value);
    };
    if (wait <= 0) {
      pass();
      return;
    }
    const timer = setTimeout(pass, wait);
    return () => clearTimeout(timer);
  }, [value, milliseconds]);
  return passed;
}
