/** A message as a sentence of its own: the server's also stand behind the name of what they are about. Names that it begins with stay. @param {string} message */
export const asSentence = (message) => (/^[a-z]+[ ,;]/.test(message) ? message[0].toUpperCase() + message.slice(1) : message);

/** What a caught error says, as a sentence. @param {unknown} problem */
export const sentenceOf = (problem) => asSentence(/** @type {Error} */ (problem).message);
