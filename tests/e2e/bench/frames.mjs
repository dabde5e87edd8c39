// Frames a second with 50 nodes and about 600 messages under way, the processor slowed down fourfold.

const ROWS = 10;
const REPETITIONS = 3;

/** Ten rows of producer, exchange, two queues and a consumer; a second on each link. */
function crowd() {
  const nodes = [];
  const edges = [];
  for (let row = 0; row < ROWS; row += 1) {
    const y = row * 110;
    const id = row * 5;
    nodes.push(
      {
        id: id + 1,
        kind: "producer",
        name: `producer ${row}`,
        position: [0, y],
        load: { shape: "constant", rate: 20, arrivals: "poisson" },
        routing_key: { cycle: ["a", "b", "c", "d"] },
        latency: "1s",
      },
      { id: id + 2, kind: "exchange", name: `exchange ${row}`, position: [260, y], type: "fanout" },
      { id: id + 3, kind: "queue", name: `queue ${row}`, position: [540, y] },
      { id: id + 4, kind: "queue", name: `copy ${row}`, position: [1180, y] },
      {
        id: id + 5,
        kind: "consumer",
        name: `consumer ${row}`,
        position: [860, y],
        service: "10ms",
        prefetch: 0,
        latency: "1s",
      },
    );
    edges.push(
      { id: id + 1, kind: "publish", from: id + 1, to: id + 2 },
      { id: id + 2, kind: "binding", from: id + 2, to: id + 3 },
      { id: id + 3, kind: "binding", from: id + 2, to: id + 4 },
      { id: id + 4, kind: "consume", from: id + 3, to: id + 5 },
    );
  }
  return JSON.stringify({ version: 1, title: "Crowd", seed: 1, nodes, edges });
}

export async function fifty_nodes_six_hundred_messages({ page, app, print }) {
  await app.open();
  await app.dropFile("crowd.json", crowd());
  await app.count("#stage [data-node]", 5 * ROWS);
  await page.locator("#play").click();
  // Until as many leave the links as enter them.
  await page.waitForTimeout(6_000);
  await app.throttle(4);
  await page.waitForTimeout(1_000);
  const median = [];
  const low = [];
  for (let repetition = 0; repetition < REPETITIONS; repetition += 1) {
    const rates = await app.frameRate(5_000);
    median.push(rates.median);
    low.push(rates.low);
  }
  const note = "50 nodes, 600 on links, 1440 x 900, no GPU, 4x slowdown";
  print("page: frames a second, median", median, "1/s", note);
  print("page: frames a second, 1 % low", low, "1/s", note);
}
