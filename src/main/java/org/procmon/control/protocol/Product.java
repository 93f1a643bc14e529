package org.procmon.control.protocol;

/** The name and version of this program. */
public final class Product {
    public static final String NAME = "procmon";
    public static final String VERSION = "0.1.0";

    private Product() {}
}
