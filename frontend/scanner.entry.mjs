// The decoder of QR codes for browsers without their own: scan.js imports it when one is needed.
export { BarcodeDetector, prepareZXingModule } from "barcode-detector/ponyfill";
