export { learn, limits } from "./background";
export { both, boxCount, cellCounts, changed, greatest3x3, least3x3, outside } from "./masks";
export { affine8, affine16, histogramOfDifference, moments, smooth } from "./photometry";
export { quarter, sad } from "./shift";
