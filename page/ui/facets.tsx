import type { Facet } from '../engine/facets.ts';
import { wishFor, withWish } from '../engine/query/edit.ts';
import { shortNameOf } from '../engine/query/fields.ts';
import { choice, choose, overview } from '../state/app-state.ts';
import { formatCount, shortAction } from '../state/format.ts';
import { ValueText } from './value-text.tsx';

const TITLES: Readonly<Record<string, string>> = {
  'event.action': 'Action',
  'label.app_type': 'Application',
  outcome: 'Outcome',
  'geo.country_name': 'Country',
  'user_agent.name': 'Browser',
  'label.authentication_method': 'Authentication method',
  'label.business_group': 'Business group',
};

/** The values of some fields with their counts, to be included and excluded. */
export function Facets() {
  return (
    <nav class="facets" aria-label="Values">
      {overview.value?.facets.map((facet) => (
        <FacetGroup key={facet.field} {...facet} />
      ))}
    </nav>
  );
}

function FacetGroup({ field, values, distinct, absent }: Facet) {
  const title = TITLES[field] ?? field;
  const most = Math.max(1, ...values.map(({ count }) => count));
  return (
    <details open class="facet">
      <summary>
        <h2>{title}</h2>
      </summary>
      <ul aria-label={title}>
        {values.map(({ value, count }) => (
          <FacetRow key={value} field={field} value={value} count={count} most={most} />
        ))}
        {distinct > values.length && <li class="more">and {formatCount(distinct - values.length)} more</li>}
        {absent > 0 && values.length > 0 && <li class="more">{formatCount(absent)} without it</li>}
        {values.length === 0 && <li class="more">none</li>}
      </ul>
    </details>
  );
}

interface FacetRowProps {
  readonly field: string;
  readonly value: string;
  readonly count: number;
  readonly most: number;
}

function FacetRow({ field, value, count, most }: FacetRowProps) {
  const { query } = choice.value;
  const wish = wishFor(query, field, value);
  const toggle = (wanted: 'wanted' | 'excluded'): void =>
    choose({ query: withWish(query, field, value, wish === wanted ? 'open' : wanted) });
  const name = `${shortNameOf(field)} ${value}`;
  return (
    <li class={`facet-row ${wish}`}>
      <button
        type="button"
        class="include"
        style={{ '--share': `${(100 * count) / most}%` }}
        aria-pressed={wish === 'wanted'}
        title={value}
        onClick={() => toggle('wanted')}
      >
        <span class="visually-hidden">Only {shortNameOf(field)} </span>
        <ValueText value={shortAction(value)} />
        <span class="count"> {formatCount(count)}</span>
      </button>
      <button
        type="button"
        class="exclude"
        aria-pressed={wish === 'excluded'}
        aria-label={`Without ${name}`}
        title={`Without ${name}`}
        onClick={() => toggle('excluded')}
      >
        −
      </button>
    </li>
  );
}
