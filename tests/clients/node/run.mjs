// Tells the stories of the Node.js clients: `node run.mjs [WORD ...]` with AMQP_URL set.
import { tell } from "./story.mjs";
import * as amqplib from "./stories/amqplib-stage.mjs";
import * as cloudamqp from "./stories/cloudamqp-stage.mjs";
import "./stories/amqplib-connection.mjs";
import "./stories/amqplib-topology.mjs";
import "./stories/amqplib-messages.mjs";
import "./stories/amqplib-consumers.mjs";
import "./stories/cloudamqp.mjs";

const words = process.argv.slice(2);
const stages = { amqplib: amqplib.Stage, cloudamqp: cloudamqp.Stage };
const { ok, failed } = await tell(stages, words);
console.log(`node: ${ok} stories ok, ${failed} failed`);
process.exit(failed > 0 || (ok === 0 && words.length === 0) ? 1 : 0);
