// Dates as readers write them, and how far apart they are.

/** 2017-04-14 as "14 April 2017", 2017-04 as "April 2017". */
export function spelled(iso, language) {
  const [year, month, day] = iso.split("-").map(Number);
  const date = new Date(0);
  date.setUTCFullYear(year, (month || 1) - 1, day || 1);
  const shown = { year: "numeric", month: month ? "long" : undefined, day: day ? "numeric" : undefined };
  return new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, { ...shown, timeZone: "UTC", calendar: "gregory" }).format(date);
}

/** When an event of a timeline begins and ends, in months, as precisely as its date is given. */
export function extent(item) {
  const [year, month, day] = item.date.split("-").map(Number);
  const [lastYear, lastMonth, lastDay] = (item.end ?? item.date).split("-").map(Number);
  const begin = year * 12 + (month ? month - 1 : 0) + (day ? (day - 1) / 31 : 0);
  const end = lastYear * 12 + (lastMonth ? lastMonth - 1 : 12) + (lastDay ? lastDay / 31 : lastMonth ? 1 : 0);
  return { begin, end };
}
