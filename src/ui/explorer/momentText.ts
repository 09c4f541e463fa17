/** A moment for people: the time of day, with the day if it is not today's. */
export function momentText(at: number): string {
  const moment = new Date(at);
  const time = moment.toLocaleTimeString();
  return moment.toDateString() === new Date().toDateString() ? time : `${moment.toLocaleDateString()} ${time}`;
}
