/** One finding: what is wrong, what was seen, and what mends it. */
import { memo } from "preact/compat";
import type { Finding } from "../../api/types";
import { hrefOf } from "../../router";
import { EvidenceTable } from "./EvidenceTable";
import { subjectOf } from "./grouping";
import { Remedy } from "./Remedy";

interface FindingItemProps {
  finding: Finding;
  /** On the page of its service a link to that page says nothing. */
  isLinked?: boolean;
}

export const FindingItem = memo(function FindingItem({ finding, isLinked = true }: FindingItemProps) {
  const { namespace, service, evidence, remedy } = finding;
  const subject = subjectOf(finding);
  const of = `${finding.code} ${subject}`.trim();
  return (
    <li class="finding">
      <p class="finding-message">
        {finding.message}
        {finding.rule ? <span class="muted"> ({finding.rule})</span> : null}
      </p>
      {isLinked && namespace && service ? (
        <p class="finding-subject">
          <a href={hrefOf({ page: "service", namespace, name: service })}>
            {namespace}/{service}
          </a>
        </p>
      ) : null}
      <EvidenceTable evidence={evidence} of={of} />
      <Remedy text={remedy} of={of} />
    </li>
  );
});
