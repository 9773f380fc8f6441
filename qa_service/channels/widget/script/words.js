// What the interface says. English is in the script (ENGLISH); another language is a file, fetched when it is asked for.

/** The words of a language that there is a table for (LANGUAGES), else English; a page may replace any of them. */
export async function speech(wanted, home, replaced) {
  let language = wanted.split("-")[0].toLowerCase();
  let table = {};
  try {
    if (language !== "en" && LANGUAGES.includes(language)) table = await (await fetch(`${home}/widget/v1/words/${language}.json`)).json();
    else language = "en";
  } catch {
    language = "en";
  }
  const all = { ...ENGLISH, ...table, ...replaced };
  const words = (name, ...values) => values.reduce((text, value, place) => text.replace(`{${place}}`, () => value), all[name]);
  return { words, language, direction: all.direction };
}
