// What waits on this device to be sent: one IndexedDB store, in the order in which it was done.
// An entry is {id, key, account, url, fields, label, at, form, refusal?}; other accounts' are never read.
const FORGOTTEN_DAYS = 30;
let database;

export const opened = new Promise((resolve) => {
  try {
    const request = indexedDB.open("linbang", 1);
    request.onupgradeneeded = () => {
      const store = request.result.createObjectStore("queue", { keyPath: "id", autoIncrement: true });
      store.createIndex("account", "account");
    };
    request.onerror = () => resolve(false);
    request.onsuccess = () => {
      database = request.result;
      resolve(true);
    };
  } catch {
    resolve(false); // A web view without storage: forms are sent as forms.
  }
});

export const isOpen = () => Boolean(database);

function run(mode, work) {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction("queue", mode);
    const request = work(transaction.objectStore("queue"));
    transaction.oncomplete = () => resolve(request?.result);
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
}

export const add = (entry) => run("readwrite", (store) => store.add(entry));
export const put = (entry) => run("readwrite", (store) => store.put(entry));
export const remove = (id) => run("readwrite", (store) => store.delete(id));
// By index and then by key: as they were done.
export const all = (account) => run("readonly", (store) => store.index("account").getAll(account));

// What nobody came back for within a month goes, so that no stranger's names stay on a shared device.
export function forgetOthers(account) {
  const limit = new Date(Date.now() - FORGOTTEN_DAYS * 86400000).toISOString();
  return run("readwrite", (store) => {
    store.openCursor().onsuccess = ({ target: { result: cursor } }) => {
      if (!cursor) return;
      if (cursor.value.account !== account && cursor.value.at < limit) cursor.delete();
      cursor.continue();
    };
  });
}
