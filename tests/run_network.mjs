// Reads {network, codes} from each line of standard input, answers with the outputs.
import { createInterface } from "node:readline";

const { compile } = await import(`${process.argv[2]}network.js`);

for await (const line of createInterface({ input: process.stdin })) {
  const { network, codes } = JSON.parse(line);
  const run = compile(network);
  console.log(JSON.stringify(codes.map((z) => Array.from(run(z)))));
}
