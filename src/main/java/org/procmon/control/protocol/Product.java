package org.procmon.control.protocol;

/** What this program calls itself. */
public final class Product {
    public static final String NAME = "procmon";
    public static final String VERSION = "0.1.0";

    private Product() {}
}
