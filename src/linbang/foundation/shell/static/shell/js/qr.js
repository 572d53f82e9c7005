// Something that reads QR codes: the browser's own, else the one vendored for those without (see frontend/).
let made;

export function reader({ decoder, wasm }) {
  made ??= native().then((own) => own ?? borrowed(decoder, wasm));
  // After a failed download the next try may do better.
  made.catch(() => {
    made = undefined;
  });
  return made;
}

async function native() {
  const formats = await window.BarcodeDetector?.getSupportedFormats().catch(() => []);
  return formats?.includes("qr_code") ? new window.BarcodeDetector({ formats: ["qr_code"] }) : undefined;
}

async function borrowed(decoder, wasm) {
  const { BarcodeDetector, prepareZXingModule } = await import(decoder);
  await prepareZXingModule({ overrides: { locateFile: () => wasm }, fireImmediately: true });
  return new BarcodeDetector({ formats: ["qr_code"] });
}
