import type { Row } from '../row.ts';
import type { Scale } from '../scale.ts';
import { create, crowd, cycle, decision } from './approvals.ts';
import { decisionElsewhere, fanOut, journal, unwanted } from './cluster.ts';
import { burst, single } from './fan-out.ts';
import { steady } from './latency.ts';
import { idle, waits } from './memory.ts';
import { burstBesideNchan, idleBesideNchan, singleBesideNchan, steadyBesideNchan } from './nchan.ts';
import { start } from './start.ts';

export type Suite = (scale: Scale) => Promise<Row[]>;

/** In the order of the report. The first part of a name stands for all that begin with it. */
export const SUITES: Readonly<Record<string, Suite>> = {
  burst,
  single,
  steady,
  idle,
  'nchan-burst': burstBesideNchan,
  'nchan-single': singleBesideNchan,
  'nchan-steady': steadyBesideNchan,
  'nchan-idle': idleBesideNchan,
  cycle,
  decision,
  waits,
  create,
  crowd,
  start,
  'cluster-journal': journal,
  'cluster-decision': decisionElsewhere,
  'cluster-fan-out': fanOut,
  'cluster-unwanted': unwanted,
};
