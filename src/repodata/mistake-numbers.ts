/**
 * Numbers of the mistakes that the reader of primary.xml can report. Only numbers, because assembly/ imports this file too; the texts are in
 * `primary-mistakes.ts`.
 */
export const EMPTY = 0;
export const NOT_XML = 1;
export const OTHER_ROOT = 2;
export const DOCTYPE = 3;
export const NO_NAME = 4;
export const NO_SPACE = 5;
export const NO_VALUE = 6;
export const NO_QUOTES = 7;
export const LESS_IN_VALUE = 8;
export const MANY_ATTRIBUTES = 9;
export const SLASH_IN_TAG = 10;
export const NOT_CLOSED = 11;
export const NOT_OPEN = 12;
export const DEEP = 13;
export const ELEMENT_IN_TEXT = 14;
export const BAD_TEXT = 15;
export const CONTENT_AFTER_END = 16;
export const FORMAT_IN_FORMAT = 17;
