// Which keys of a config hold what is nobody's to read: on no page, in no file that leaves this machine.

const SECRET = /(password|passphrase|secret|token|credential)s?$/i;

/** A path of a key file is none. */
export const isSecretKey = (key: string): boolean => SECRET.test(key);
