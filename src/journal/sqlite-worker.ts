import { parentPort, workerData } from 'node:worker_threads';
import { serve, type ThreadPort } from './sqlite-serve.ts';

serve(parentPort as ThreadPort, workerData);
