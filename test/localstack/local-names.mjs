// LocalStack's names for this machine are known to this process without asking a name server, which may not be reachable.
import dns from 'node:dns';

const { lookup } = dns;
const isLocal = (name) => name.endsWith('.localhost.localstack.cloud');
dns.lookup = (name, ...others) => lookup(isLocal(name) ? '127.0.0.1' : name, ...others);
