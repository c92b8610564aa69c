import { parentPort, workerData } from 'node:worker_threads';
import { serve } from './sqlite-serve.js';
serve(parentPort, workerData);
