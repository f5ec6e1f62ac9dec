// Check digits of identifiers that stand in every record: a slip of the pen would name somebody else for good.

/** ORCID iD as an address: ISO 7064 MOD 11-2 over 15 digits, as ORCID describes it ("Structure of the ORCID Identifier"). */
export function isOrcid(address: string): boolean {
  const digits = address.replace(/^.*\//, '').replaceAll('-', '');
  let total = 0;
  for (const digit of digits.slice(0, 15)) total = (total + Number(digit)) * 2;
  const check = (12 - (total % 11)) % 11;
  return digits.slice(15) === (check === 10 ? 'X' : String(check));
}

/** Of Crockford's base 32, which leaves out i, l, o and u. */
const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz';

/** ROR identifier as an address: 0, a number of six digits of base 32, and what makes it 1 modulo 97 (ISO 7064 MOD 97-10). */
export function isRor(address: string): boolean {
  const id = address.replace(/^.*\//, '');
  let number = 0;
  for (const char of id.slice(1, 7)) {
    if (!DIGITS.includes(char)) return false;
    number = number * 32 + DIGITS.indexOf(char);
  }
  return Number(id.slice(7)) === 98 - ((number * 100) % 97);
}
