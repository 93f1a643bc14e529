package org.procmon.control.protocol;

/**
 * One event, with the fields that its readers need.
 *
 * @param number its number; events are numbered in order
 * @param at when: a date and time of RFC 3339 in UTC
 * @param kind {@code state}, {@code command}, {@code monitor}, {@code output} or {@code hook}
 * @param text the event in words
 * @param json the event as sent
 */
public record EventLine(long number, String at, String kind, String text, String json) {}
