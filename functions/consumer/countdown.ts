/**
 * Calls back when each of so many participants has reported once. Each call returns the report of one participant, which
 * may be made more than once and counts once.
 */
export function countdown(participants: number, callBack: () => void): () => () => void {
  let open = participants;
  return () => {
    let hasReported = false;
    return () => {
      if (hasReported) return;
      hasReported = true;
      open -= 1;
      if (open === 0) callBack();
    };
  };
}
