/** What is used of jStat 1.9.6, which brings no types: https://jstat.github.io/distributions.html */
declare module "jstat" {
  interface Distribution {
    /** The quantile: where the distribution function reaches `p`. */
    inv(p: number, first: number, second: number): number;
  }
  const library: {
    readonly jStat: {
      /** `inv(p, alpha, beta)` */
      readonly beta: Distribution;
      /** `inv(p, shape, scale)` */
      readonly gamma: Distribution;
    };
  };
  export default library;
}
