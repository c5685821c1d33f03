# SPDX-License-Identifier: Apache-2.0
"""The languages that the simulated balance speaks: a file each, named as a bench file calls it, with its `DIALECT`."""
