package org.procmon.control.protocol;

/**
 * One event, as far as its readers have to understand it.
 *
 * @param number its place in the course of things
 * @param at when: a date and time of RFC 3339 in UTC
 * @param kind {@code state}, {@code command}, {@code monitor}, {@code output} or {@code hook}
 * @param text the whole in words
 * @param json the whole as it was sent
 */
public record EventLine(long number, String at, String kind, String text, String json) {}
