/** A hook for all that is known of a service; asked for again when something may have changed. */
import { useEffect, useMemo, useState } from "preact/hooks";
import type { ServiceDetail } from "../../api/dashboard";
import type { GlobalService } from "../../api/types";
import { type Answer, useAnswer } from "../../parts/useAnswer";
import { store } from "../../store";
import { useThrottled } from "./useThrottled";

/** Milliseconds between two questions, however much changes. */
const PAUSE = 500;
/** Pods are read after the first answer; nothing tells when they are there. */
const WHILE_INCOMPLETE = 1_000;

export function useDetail(namespace: string, name: string, row: GlobalService | null): Answer<ServiceDetail> {
  const findings = store.findings.value;
  const check = store.check.value;
  const [tries, setTries] = useState(0);
  const change = useMemo(() => ({}), [row, findings, check, tries]);
  const again = useThrottled(change, PAUSE);
  const answer = useAnswer(`${namespace}/${name}`, (server, signal) => server.service(namespace, name, signal), again);
  useEffect(() => {
    if (answer.body === null || answer.body.isComplete) return;
    const timer = setTimeout(() => setTries((count) => count + 1), WHILE_INCOMPLETE);
    return () => clearTimeout(timer);
  }, [answer.body]);
  return answer;
}
