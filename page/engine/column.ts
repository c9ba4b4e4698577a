import { SearchableText } from './searchable-text.ts';

/** From so many values on, a column may stop looking for values that it has. */
const MANY_VALUES = 65_536;

const HEX = /^[0-9a-fA-F-]*$/;

/**
 * The values of one field: each row has the number of its value in the column's dictionary, and 0 if the field is absent.
 *
 * A column in which most rows have a value of their own (an id of a request) stops looking values up after
 * `MANY_VALUES`, because the look-up takes more memory than the values. From then on its dictionary may have a value
 * more than once. So whoever compares values asks the dictionary, and not for equal numbers.
 */
export class Column {
  readonly name: string;
  /** By row. It may be longer than the column. */
  codes = new Uint32Array(1024);
  /** By number. 0 stands for absence. */
  readonly values: string[] = [''];
  /** Whether all values consist of hexadecimal digits and hyphens, as UUIDs do: then a search for other text skips it. */
  isHex = true;
  readonly searchable = new SearchableText(this.values);
  #numbers: Map<string, number> | undefined = new Map();

  constructor(name: string) {
    this.name = name;
  }

  /** Whether the dictionary has each value once. */
  get isUnique(): boolean {
    return this.#numbers !== undefined;
  }

  /** Sets the value of a row; undefined is absence. Rows come in their order. */
  set(row: number, value: string | undefined): void {
    if (row >= this.codes.length) {
      const longer = new Uint32Array(this.codes.length * 2);
      longer.set(this.codes);
      this.codes = longer;
    }
    this.codes[row] = value === undefined ? 0 : this.#numberOf(value, row);
  }

  /** @returns the value of a row, or undefined if the field is absent */
  get(row: number): string | undefined {
    const code = this.codes[row] as number;
    return code === 0 ? undefined : this.values[code];
  }

  /**
   * Gives each value one number, also where the dictionary has it more than once.
   *
   * @returns by number of the dictionary, the first number with the same value; undefined if each number has its own value
   */
  firstNumbers(): Uint32Array | undefined {
    if (this.isUnique) return undefined;
    const first = new Map<string, number>();
    const numbers = new Uint32Array(this.values.length);
    this.values.forEach((value, code) => {
      const known = first.get(value);
      if (known === undefined) first.set(value, code);
      numbers[code] = known ?? code;
    });
    return numbers;
  }

  #numberOf(value: string, row: number): number {
    const known = this.#numbers?.get(value);
    if (known !== undefined) return known;
    const code = this.values.push(value) - 1;
    this.#numbers?.set(value, code);
    if (this.isHex && !HEX.test(value)) this.isHex = false;
    if (code > MANY_VALUES && code > row / 2) this.#numbers = undefined;
    return code;
  }
}
