package org.procmon.system;

/** What came of a program that has ended. */
public record Outcome(int code, String out, String err) {}
