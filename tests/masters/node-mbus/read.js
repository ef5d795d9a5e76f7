// Reads a meter with node-mbus and prints one line of JSON for each read, the data or { error }.
//   node read.js pty PATH BAUD ADDRESS[!]...
//   node read.js tcp PORT TIMEOUT_MS ADDRESS[!]...
// An address is 0 to 254 or the 16 digits of a secondary one; "scan" searches for all secondary addresses.
// "set:OLD:NEW" gives the meter at OLD, of either kind, the primary address NEW.
// "3!" reads without the SND_NKE before it, so the frame count bit (FCB) repeats. What was read is timeless.
'use strict';

const MbusMaster = require('node-mbus');
const [kind, where, figure, ...reads] = process.argv.slice(2);
const master = new MbusMaster(kind === 'tcp'
    ? { host: '127.0.0.1', port: Number(where), timeout: Number(figure) }
    : { serialPort: where, serialBaudRate: Number(figure) });

const show = (error, data) => {
    for (const record of (data && data.DataRecord) || []) {
        delete record.Timestamp;
    }
    console.log(JSON.stringify(error ? { error: String(error.message || error) } : data));
};

const next = () => {
    const read = reads.shift();
    if (read === undefined) {
        master.close(() => process.exit(0));
        return;
    }
    if (read === 'scan') {
        master.scanSecondary((error, found) => {
            console.log(JSON.stringify(error ? { error: String(error.message || error) } : found));
            next();
        });
        return;
    }
    if (read.startsWith('set:')) {
        const [, old, wanted] = read.split(':');
        master.setPrimaryId(old.length > 3 ? old : Number(old), Number(wanted), (error) => {
            show(error, 'set');
            next();
        });
        return;
    }
    const address = read.replace('!', '');
    master.getData(address.length > 3 ? address : Number(address), { pingFirst: !read.endsWith('!') },
        (error, data) => {
            show(error, data);
            next();
        });
};

master.connect((error) => {
    if (error) {
        show(error);
        process.exit(1);
    }
    next();
});
