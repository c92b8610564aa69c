import { computed } from '@preact/signals';
import { route } from '../router.ts';
import { filterOf } from './event-filter.ts';

const query = computed(() => (route.value.view === 'events' ? String(route.value.query) : ''));

/** It is in the address. The same one as long as that is the same. */
export const wantedFilter = computed(() => filterOf(new URLSearchParams(query.value)));
