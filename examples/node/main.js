// Finds domains with several Trawl servers in turn, and shows what a refused call says.
//
//   node main.js PROTO_FOLDER HOST:PORT [HOST:PORT...]
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');
const protobuf = require('protobufjs');

const [folder, ...servers] = process.argv.slice(2);
const definition = loader.loadSync('trawl/v1/content.proto', {includeDirs: [folder], enums: String});
const {ContentService} = grpc.loadPackageDefinition(definition).trawl.v1;
const trawl = new ContentService(`ipv4:${servers.join(',')}`, grpc.credentials.createInsecure(), {
  'grpc.service_config': '{"loadBalancingConfig": [{"round_robin": {}}]}',
});

const call = (request) => new Promise((done, fail) => trawl.processContent(
  request, {deadline: Date.now() + 60_000}, (error, answer) => error ? fail(error) : done(answer)));

// What the trailing metadata says of an error: {name of a message: message}.
function details(error) {
  const root = new protobuf.Root();
  root.resolvePath = (_, target) => target.startsWith('google/protobuf/') ? target
    : `${folder}/${target}`;
  root.loadSync(['google/rpc/status.proto', 'google/rpc/error_details.proto']);
  const [bytes] = error.metadata.get('grpc-status-details-bin');
  return Object.fromEntries(root.lookupType('google.rpc.Status').decode(bytes).details.map((any) => {
    const name = any.type_url.split('/').pop();
    return [name, root.lookupType(name).decode(any.value)];
  }));
}

async function main() {
  for (let i = 0; i < 100; ++i) {
    const {findings} = await call({data: Buffer.from('see www.example.com')});
    if (i === 0) console.log(findings[0].value);
  }
  try {
    await call({data: Buffer.from('x'), options: {chunkCount: 5000}});
  } catch (error) {
    const found = details(error);
    const info = found['google.rpc.ErrorInfo'];
    console.log(grpc.status[error.code], info.reason, info.metadata.limit);
    console.log(found['google.rpc.BadRequest'].fieldViolations[0].field);
  }
  trawl.close();
}

main();
