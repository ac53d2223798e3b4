const mostNames = 3;

/** The names that look most like a wrong one, best first; none if nothing looks like it. */
export function nearestNames(wrong: string, names: readonly string[]): readonly string[] {
  const enough = Math.max(2, Math.ceil(wrong.length * 0.4));
  return names
    .map((name) => ({ name, distance: distanceOf(wrong, name) }))
    .filter(({ distance }) => distance <= enough)
    .toSorted((one, other) => one.distance - other.distance)
    .slice(0, mostNames)
    .map(({ name }) => name);
}

/** A name within the other one, such as `add` in `math.add`, is near; else the edits between them count. */
function distanceOf(one: string, other: string): number {
  return one.includes(other) || other.includes(one) ? 1 : editDistance(one, other);
}

/** How many letters must be changed, added or left out: Levenshtein's distance, row by row. */
function editDistance(one: string, other: string): number {
  let above = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (const [row, letter] of [...one].entries()) {
    const current = [row + 1];
    for (const [column, otherLetter] of [...other].entries()) {
      const replaced = (above[column] ?? 0) + (letter === otherLetter ? 0 : 1);
      current.push(Math.min(replaced, (above[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1));
    }
    above = current;
  }
  return above[other.length] ?? 0;
}
