// Temperature scaling (Guo et al., On Calibration of Modern Neural Networks, ICML 2017): one number, fitted on logits of images not trained on.

const [LEAST, MOST] = [0.1, 10];

/**
 * The temperature of least negative log likelihood, between 0.1 and 10. In 1 / temperature the loss is convex: its slope, the mean of
 * (expected logit - logit of the label), rises, so that halving finds the zero, here to 1e-11.
 */
export function fitTemperature(logits: ArrayLike<number>[], labels: number[]): number {
  let [low, high] = [Math.log(1 / MOST), Math.log(1 / LEAST)];
  while (high - low > 1e-11) {
    const middle = (low + high) / 2;
    if (slope(logits, labels, Math.exp(middle)) < 0) low = middle;
    else high = middle;
  }
  return Math.exp(-(low + high) / 2);
}

function slope(logits: ArrayLike<number>[], labels: number[], inverse: number): number {
  let sum = 0;
  for (const [i, row] of logits.entries()) {
    let max = -Infinity;
    for (let c = 0; c < row.length; c++) max = Math.max(max, row[c]!);
    let [total, weighted] = [0, 0];
    for (let c = 0; c < row.length; c++) {
      const power = Math.exp((row[c]! - max) * inverse);
      total += power;
      weighted += power * row[c]!;
    }
    sum += weighted / total - row[labels[i]!]!;
  }
  return sum;
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
