// Temperature scaling (Guo et al., On Calibration of Modern Neural Networks, ICML 2017): one number, fitted on logits of images not trained on.

/** The temperature of least negative log likelihood, between 0.1 and 10, by golden section over its logarithm (the loss has one minimum). */
export function fitTemperature(logits: ArrayLike<number>[], labels: number[]): number {
  const ratio = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [Math.log(0.1), Math.log(10)];
  while (high - low > 1e-4) {
    const a = high - ratio * (high - low);
    const b = low + ratio * (high - low);
    if (meanLoss(logits, labels, Math.exp(a)) < meanLoss(logits, labels, Math.exp(b))) high = b;
    else low = a;
  }
  return Math.exp((low + high) / 2);
}

/** Mean of -log softmax(logits / temperature)[label]. */
export function meanLoss(logits: ArrayLike<number>[], labels: number[], temperature: number): number {
  let sum = 0;
  for (const [i, row] of logits.entries()) {
    let max = -Infinity;
    for (let c = 0; c < row.length; c++) max = Math.max(max, row[c]! / temperature);
    let total = 0;
    for (let c = 0; c < row.length; c++) total += Math.exp(row[c]! / temperature - max);
    sum += max + Math.log(total) - row[labels[i]!]! / temperature;
  }
  return sum / logits.length;
}
